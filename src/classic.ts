/** For pages that only know classic scripts: loads `vc-room.js` from beside itself, under the same query. */
const { src } = document.currentScript as HTMLScriptElement;
const entry = new URL('vc-room.js', src);
entry.search = new URL(src).search;
void import(entry.href);
