import type { Fixture } from '../../stories/fixtures.js';
import { StoryRoom } from '../../stories/story-room.js';

/** The face without a room behind it: shows a fixture and writes down what a person does. */
export class FaceElement extends StoryRoom {}

customElements.define('face-element', FaceElement);

/** A rendered face that goes away with the test. */
export async function show(fixture: Fixture, style = '', attributes: Readonly<Record<string, string>> = {}): Promise<FaceElement> {
  const face = new FaceElement();
  for (const [name, value] of Object.entries(attributes)) face.setAttribute(name, value);
  face.fixture = fixture;
  face.style.cssText = style;
  document.body.append(face);
  shown.push(face);
  await face.whole;
  await face.updateComplete;
  return face;
}

/** For `afterEach`. */
export function clear(): void {
  for (const face of shown.splice(0)) face.remove();
}

/** The element with this part. */
export function part(face: FaceElement, name: string): HTMLElement {
  const found = face.shadowRoot?.querySelector<HTMLElement>(`[part~="${name}"]`);
  if (!found) throw new Error(`There is no part ${name}.`);
  return found;
}

const shown: FaceElement[] = [];
