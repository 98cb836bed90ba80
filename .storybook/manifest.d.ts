/** Made by `npm run manifest`; may be missing when types are checked. */
declare module '*/custom-elements.json' {
  const manifest: object;
  export default manifest;
}
