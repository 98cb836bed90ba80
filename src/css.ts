/** A style sheet as text; the tag tells editors and the build what it is. */
export const css = String.raw;
