/** That of package.json, which `check:manifest` holds it to. */
export const version = '0.1.0';
