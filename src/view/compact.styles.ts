import { css } from '../css.js';

/** Heard, and not seen. */
const unseen = css`
  position: absolute;
  inline-size: 1px;
  block-size: 1px;
  overflow: hidden;
  clip-path: inset(50%);
`;

/** Who came or went, hanging from the picture where the line has no room for names: for these seconds nothing else has to move. */
const bubble = css`
  position: absolute;
  inset-block-start: calc(100% + 8px);
  inset-inline-start: 0;
  z-index: 1;
  box-sizing: border-box;
  inline-size: max-content;
  max-inline-size: 100cqi;
  border: solid var(--_text);
  border-width: calc(3em / 12) calc(8em / 12);
  border-radius: 6px;
  background: var(--_text);
  color: var(--_surface);
  font-weight: 400;
  text-align: start;
  pointer-events: none;
`;

/** One line of 40 px, for the head of a chat; what has no room in it opens beside it. */
export const compactStyles = css`
  .face.lobby,
  .line {
    flex-direction: row;
    align-items: center;
    justify-content: flex-start;
    min-block-size: calc(40 * var(--_u));
    padding: 0;
    border-radius: var(--_inner);
    background: none;
  }
  .lobby {
    > :is(h2, p) {
      min-inline-size: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    > h2 {
      flex: 0 1 auto;
    }
    > p {
      flex: 1;
      order: 1;
    }
    .enter {
      order: 2;
      flex: none;
      gap: calc(var(--_gap) / 2);
    }
    [part='settings-button'] {
      min-inline-size: var(--_least);
      padding: 0 calc(5 * var(--_u));
    }
  }
  .face.lobby,
  .line {
    --_least: max(calc(32 * var(--_u)), var(--_touch, 0px));
  }
  .lobby .enter button,
  .line button {
    min-block-size: var(--_least);
  }
  .line .round {
    inline-size: var(--_least);
  }
  .line [part='controls'] {
    flex: none;
    flex-wrap: nowrap;
    gap: calc(var(--_gap) / 2);
    margin-inline-start: auto;
  }
  .line > div.notice {
    flex: 1 1 0;
    flex-wrap: nowrap;
    gap: calc(6 * var(--_u));
    min-inline-size: 0;
    max-block-size: none;
    padding: 0 1px;
    overflow: visible;
    border: 0;
    background: none;
    color: inherit;
    --_behind: var(--_surface);
    p {
      flex: 1 1 0;
      padding: 0;
      cursor: pointer;
    }
    button {
      flex: 0 1 auto;
      min-inline-size: min-content;
      max-inline-size: 40%;
    }
  }
  /* Words that have to fit. */
  .line > .notice button,
  .line button.talk {
    padding-inline: calc(8 * var(--_u));
    font-size: calc(12em / 14);
    line-height: 1.2;
    text-wrap: balance;
  }
  [part='summary-button'] {
    display: flex;
    flex: 0 1 auto;
    align-items: center;
    gap: calc(6 * var(--_u));
    min-inline-size: calc(44 * var(--_u));
    padding-inline: calc(4 * var(--_u)) calc(8 * var(--_u));
    --_back: transparent;
    [part='avatar'] {
      inline-size: calc(24em / 12);
      block-size: calc(24em / 12);
      margin: 0;
      font-size: calc(11em / 14);
      &::after {
        inset: -3px;
      }
    }
  }
  .brief {
    flex: none;
    min-inline-size: calc(32 * var(--_u));
    padding-inline: calc(4 * var(--_u));
  }
  [part='names'] {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .lobby > p.notice,
  .line > .notice p,
  .news {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    font-size: calc(12em / 14);
    line-height: 1.25;
    white-space: normal;
  }
  .line button.talk {
    display: block;
    flex: 0 0 auto;
    min-block-size: var(--_least);
    min-inline-size: max(calc(40 * var(--_u)), var(--_least));
    max-inline-size: 34%;
    .icon,
    kbd {
      display: none;
    }
    span {
      display: -webkit-box;
      -webkit-box-orient: vertical;
      -webkit-line-clamp: 2;
      overflow: hidden;
    }
  }
  .line .tip {
    inset-block: calc(100% + 6px) auto;
  }
  .sheet .panel {
    min-block-size: calc(300 * var(--_u));
  }
  .sheet {
    position: fixed;
    inset: var(--_top, auto) auto var(--_bottom, auto) var(--_left, 8px);
    z-index: 1;
    box-sizing: border-box;
    inline-size: min(calc(320 * var(--_u)), 100vw - 16px);
    block-size: auto;
    max-block-size: var(--_room, 60vh);
    margin: 0;
    padding: calc(var(--_gap) * 2);
    overflow: auto;
    border: 0;
    border-radius: var(--_radius);
    background: var(--_surface);
    color: inherit;
    box-shadow:
      0 0 0 1px color-mix(in oklab, var(--_text) 12%, transparent),
      0 12px 32px -8px oklch(0 0 0 / 0.35);
    .middle {
      min-block-size: calc(120 * var(--_u));
    }
  }
  @container (max-width: 26em) {
    .lobby > p.quiet,
    .line > .notice p,
    .line:has(> .talk) :is([part='names']:not(.news), [part='summary-button'] .quiet) {
      ${unseen}
    }
    .line:has(> .talk) .news {
      ${bubble}
    }
    .lobby .enter {
      margin-inline-start: auto;
    }
    .line > .notice > .icon {
      display: block;
    }
    .line > div.notice button {
      max-inline-size: none;
    }
  }
  @container (max-width: 20em) {
    .lobby > h2:has(~ .notice),
    [part='names']:not(.news),
    [part='summary-button'] .quiet {
      ${unseen}
    }
    .news {
      ${bubble}
    }
    .lobby > p.notice {
      font-size: calc(11em / 14);
    }
    .lobby .enter button {
      min-inline-size: var(--_least);
      max-inline-size: calc(96 * var(--_u));
      padding-inline: calc(6 * var(--_u));
      font-size: calc(12em / 14);
      line-height: 1.2;
    }
    .line:has(> .talk) [part='deafen-button'],
    .line.troubled:has(> .talk) [part='summary-button'],
    /* Who holds no key is not heard. */
    .line:has(> .talk:not([aria-disabled])) [part='mute-button'],
    .line.troubled [part='settings-button'],
    /* The class as well: WebKit does not see that what :has() looked for is gone. */
    .line.troubled:has(> .notice button) [part='deafen-button'],
    .line > .notice:has(button) > .icon,
    .line > .notice .time {
      display: none;
    }
    .line [part='leave-button'] {
      padding-inline: calc(6 * var(--_u));
      font-size: calc(12em / 14);
    }
    .line:has(> .talk) [part='summary-button'] {
      flex: none;
      min-inline-size: var(--_least);
      padding-inline: calc(4 * var(--_u));
    }
    .line button.talk {
      flex: 1;
      max-inline-size: none;
      padding-inline: calc(4 * var(--_u));
      font-size: calc(11em / 14);
      line-height: 1.1;
      span {
        -webkit-line-clamp: 3;
      }
    }
    .line > div.notice button {
      padding-inline: calc(4 * var(--_u));
    }
  }
  @container (max-width: 16em) {
    .line:has(> .talk[aria-disabled]) [part='summary-button'] {
      display: none;
    }
  }
  @container (max-width: 14em) {
    .line {
      gap: calc(var(--_gap) / 2);
    }
    [part='summary-button'] {
      min-inline-size: calc(32 * var(--_u));
      padding-inline: calc(4 * var(--_u));
    }
    .line:has(> .notice button) .brief {
      display: none;
    }
  }
  /* Before the face is there, too. */
  @media (pointer: coarse) {
    .face.lobby,
    .line {
      --_touch: 44px;
    }
  }
  @media (prefers-contrast: more) {
    .sheet {
      border: 1px solid;
    }
  }
  @media (prefers-reduced-transparency) {
    .sheet {
      box-shadow: 0 0 0 1px color-mix(in oklab, var(--_text) 30%, var(--_surface));
    }
  }
  @media (forced-colors: active) {
    .line,
    .sheet {
      border: 1px solid CanvasText;
    }
  }
`;
