const texts = 'textarea,select,input:not([type=button],[type=submit],[type=reset],[type=checkbox],[type=radio],[type=image],[type=file],[type=range])';
const fields = `${texts},[contenteditable]:not([contenteditable=false]),[role=textbox],[role=searchbox],[role=combobox],[role=spinbutton]`;

/** Whether keys are typed into something, or move a slider. */
export function isTyping(event: KeyboardEvent): boolean {
  const taking = /^(Arrow|Page|Home|End)/.test(event.key) ? `${fields},[type=range]` : fields;
  // Not by `instanceof`: in a frame elements are of another window.
  return event.isComposing || event.composedPath().some((target) => (target as Partial<Element>).matches?.(taking));
}
