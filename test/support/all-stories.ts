import { nothing, render } from 'lit/html.js';
import type { TemplateResult } from 'lit/html.js';
import * as controls from '../../stories/controls.stories.js';
import * as layouts from '../../stories/layouts.stories.js';
import * as states from '../../stories/states.stories.js';
import { StoryRoom } from '../../stories/story-room.js';
import * as themes from '../../stories/themes.stories.js';
import * as words from '../../stories/words.stories.js';
import { atRest } from './at-rest.js';

/** As much of a story as is needed to show it: composed from the file itself, as Storybook does. */
interface Told {
  readonly name?: string;
  readonly args?: object;
  readonly render?: unknown;
}

export interface Story {
  /** As `layouts/Compact`. */
  readonly id: string;
  readonly file: string;
  /** As people read it. */
  readonly name: string;
  /** @param more knobs that count more than the story's own */
  readonly show: (stage: HTMLElement, more?: object) => Promise<readonly StoryRoom[]>;
}

/** Every story but the live one. Needs `<vc-room>` to be a `StoryRoom`. */
export const stories: readonly Story[] = Object.entries({ states, layouts, controls, themes, words }).flatMap(([file, { default: meta, ...told }]) =>
  Object.entries(told as Readonly<Record<string, Told>>).map(([name, story]) => ({
    id: `${file}/${name}`,
    file,
    name: story.name ?? name,
    async show(stage, more) {
      render(((story.render ?? meta.render) as (args: object) => TemplateResult)({ ...meta.args, ...story.args, ...more }), stage);
      const rooms = [...stage.querySelectorAll<StoryRoom>('vc-room')];
      for (const room of rooms) await drawn(room);
      return rooms;
    },
  })),
);

/** Takes a story away. */
export function clear(stage: HTMLElement): void {
  render(nothing, stage);
}

/** With its chunks loaded and everything that moves at rest. */
async function drawn(room: StoryRoom): Promise<void> {
  await room.whole;
  while (!room.shadowRoot?.querySelector('.face, .shell')) await new Promise(requestAnimationFrame);
  await room.updateComplete;
  await atRest(room.shadowRoot);
}

if (!customElements.get('vc-room')) customElements.define('vc-room', StoryRoom);
