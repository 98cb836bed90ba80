const texts = 'textarea,select,input:not([type=button],[type=submit],[type=reset],[type=checkbox],[type=radio],[type=image],[type=file])';
const fields = `${texts},[contenteditable]:not([contenteditable=false]),[role=textbox],[role=searchbox],[role=combobox],[role=spinbutton]`;

/** Whether keys are typed into something, or move something as arrows move a slider. */
export function isTyping(event: KeyboardEvent): boolean {
  // Not by `instanceof`: in a frame elements are of another window.
  return event.isComposing || event.composedPath().some((target) => (target as Partial<Element>).matches?.(fields));
}
