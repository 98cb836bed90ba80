import { css } from '../css.js';

/** How many hues avatars have; each is a class `.h<n>`. */
export const hues = 12;

/** Roster, trouble and controls. The middle keeps its height whoever comes and whatever is wrong; give the host a height to choose another. */
export const roomStyles = css`
  .face,
  .shell {
    /* What fingers need at least. */
    --_touch: 0px;
    /* As --_tone, for what is drawn and not written. */
    --_t3: var(--_k) * clamp(0.45, 3.6 * y + 0.13, 1) + (1 - var(--_k)) * clamp(0, y / 3.6 - 0.036, 0.23);
    --_tone3: color(from var(--_surface) xyz-d65 calc(0.9505 * (var(--_t3))) calc(var(--_t3)) calc(1.089 * (var(--_t3))));
    --_speaking: oklch(from color-mix(in oklab, oklab(from var(--vc-speaking, oklch(0.7 0.19 148)) 0.5 a b), var(--_tone3)) var(--_toned));
  }
  .room {
    cursor: default;
  }
  /* How far a join is. */
  i {
    position: absolute;
    inset-block-end: 0;
    inset-inline: 0 75%;
    block-size: 3px;
    background: oklch(from color-mix(in oklab, oklab(from var(--_accent) 0.5 a b), var(--_tone)) var(--_toned));
  }
  .asking i {
    inset-inline-end: 50%;
  }
  .connecting i {
    inset-inline-end: 10%;
  }
  .room button {
    overflow-wrap: normal;
    touch-action: manipulation;
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  [part='header'] {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: var(--_gap);
  }
  h2,
  [part='count'],
  [part='speakers'] bdi,
  [part='name'] {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  [part='count'] {
    flex: none;
    max-inline-size: 70%;
  }
  [part='count'].news {
    max-inline-size: 100%;
    color: inherit;
  }
  [part='count'],
  [part='speakers'],
  .alike,
  .share,
  .word,
  .time {
    color: var(--_quiet);
    font-size: calc(12em / 14);
    font-variant-numeric: tabular-nums;
    unicode-bidi: plaintext;
    white-space: nowrap;
  }
  .middle {
    display: flex;
    flex: 1 1 calc(224 * var(--_u));
    flex-direction: column;
    gap: var(--_gap);
    min-block-size: 0;
  }
  .people {
    flex: 1;
    min-block-size: 0;
    margin-inline: calc(var(--_gap) * -1);
    padding-inline: var(--_gap);
    overflow: hidden auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: color-mix(in oklab, var(--_text) 20%, var(--_surface)) transparent;
  }
  .people:focus-visible {
    outline-offset: -2px;
    border-radius: var(--_inner);
  }
  ul {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, calc(240 * var(--_u))), 1fr));
    column-gap: calc(var(--_gap) * 2);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    min-inline-size: 0;
  }
  [part='avatar'] {
    position: relative;
    display: grid;
    flex: none;
    place-items: center;
    inline-size: calc(32em / 12);
    block-size: calc(32em / 12);
    margin-inline-end: calc(6em / 12);
    border-radius: 50%;
    background: oklch(0.87 0.07 calc(var(--_hue) * 30));
    color: oklch(0.33 0.08 calc(var(--_hue) * 30));
    font-size: calc(12em / 14);
    font-weight: 600;
    line-height: 1;
    user-select: none;
  }
  [part='avatar']::after {
    content: '';
    position: absolute;
    inset: -4px;
    border: 2px solid var(--_speaking);
    border-radius: 50%;
    opacity: 0;
    transform: scale(0.9);
    transition:
      opacity 120ms ease-out,
      transform 120ms ease-out;
  }
  .speaking [part='avatar']::after {
    opacity: 1;
    transform: scale(calc(1 + 0.12 * var(--vc-level, 0)));
  }
  .reconnecting li,
  .away {
    [part='avatar'] {
      filter: grayscale(0.8);
    }
    [part='name'] {
      color: var(--_quiet);
    }
    [part='avatar']::after {
      opacity: 0;
    }
  }
  [part='name'] {
    font-weight: 600;
  }
  .state {
    display: flex;
    flex: none;
    align-items: center;
    gap: calc(6 * var(--_u));
    color: var(--_quiet);
  }
  .state:last-child:not(.poor:has(.unseen)),
  .state:has(.word) {
    margin-inline-start: auto;
  }
  .state.speaking {
    color: var(--_speaking);
  }
  ::slotted([slot$='-icon']) {
    display: inline-block;
    flex: none;
    inline-size: calc(20em / 14);
    block-size: calc(20em / 14);
    vertical-align: middle;
  }
  .icon {
    flex: none;
    stroke-linejoin: round;
  }
  :is(.state, [part='speakers'], [part='hush-button']) .icon {
    inline-size: calc(16em / 14);
    block-size: calc(16em / 14);
    stroke-width: 1.8;
  }
  .gap {
    stroke: var(--_behind, var(--_surface));
    stroke-width: 2.2;
  }
  .faint {
    opacity: 0.35;
  }
  [part='empty'] {
    padding-block: calc(12 * var(--_u));
    color: var(--_quiet);
  }
  div.notice {
    --_behind: color-mix(in oklab, var(--_danger) 12%, var(--_surface));
    display: flex;
    flex: none;
    align-items: center;
    flex-wrap: wrap;
    gap: calc(6 * var(--_u)) calc(8 * var(--_u));
    max-block-size: calc(100% - 52 * var(--_u));
    box-sizing: border-box;
    padding: calc(6 * var(--_u)) calc(6 * var(--_u)) calc(6 * var(--_u)) calc(10 * var(--_u));
    padding-inline: calc(10 * var(--_u)) calc(6 * var(--_u));
    overflow: auto;
    border: 1px solid transparent;
    border-radius: var(--_inner);
    background: var(--_behind);
    color: var(--vc-text, color(from var(--_behind) xyz-d65 calc(0.9505 * var(--_ink)) var(--_ink) calc(1.089 * var(--_ink))));
  }
  /* Most are back before it matters to anybody. */
  .reconnecting div.notice {
    animation: later 0.2s 1s backwards;
  }
  @keyframes later {
    from {
      visibility: hidden;
    }
  }
  div.notice.calm {
    --_behind: var(--_fill);
  }
  .notice > .icon {
    color: var(--_danger);
  }
  .calm > .icon {
    color: inherit;
  }
  .notice p {
    flex: 1 1 calc(148 * var(--_u));
    min-inline-size: 0;
    padding-block: calc(6 * var(--_u));
  }
  .notice button {
    flex: none;
    min-block-size: calc(32 * var(--_u));
    margin-inline-start: auto;
  }
  .notice button:not(.primary) {
    --_back: color-mix(in oklab, color(from var(--_behind) xyz-d65 calc(0.9505 * var(--_p)) var(--_p) calc(1.089 * var(--_p))) 12%, var(--_behind));
  }
  .time {
    margin-inline-end: calc(8 * var(--_u));
  }
  [part='controls'] {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: var(--_gap);
  }
  [part='leave-button'] {
    margin-inline-start: auto;
    color: var(--_danger);
  }
  .round {
    display: grid;
    flex: none;
    place-items: center;
    inline-size: calc(40 * var(--_u));
    padding: 0;
    border-radius: 50%;
  }
  :is(.round, [part='hush-button'])[aria-pressed='true'] {
    --_back: color-mix(in oklab, var(--_danger) 18%, var(--_surface));
    --_behind: var(--_back);
    color: var(--_danger);
  }
  .tip {
    position: absolute;
    inset-block-end: calc(100% + 6px);
    z-index: 1;
    padding: calc(3em / 12) calc(8em / 12);
    border-radius: 6px;
    background: var(--_text);
    color: var(--_surface);
    font-size: calc(12em / 14);
    font-weight: 400;
    white-space: nowrap;
    opacity: 0;
    pointer-events: none;
    transition: opacity 120ms ease-out;
  }
  .tip::after {
    content: '';
    position: absolute;
    inset: 100% 0 -6px;
  }
  .round:first-child .tip {
    inset-inline-start: 0;
  }
  .round:hover .tip {
    transition-delay: 400ms;
  }
  .round:is(:hover, :focus-visible):not(.quieted) .tip {
    opacity: 1;
    pointer-events: auto;
  }
  ${Array.from({ length: hues }, (_, hue) => `.h${hue}{--_hue:${hue}}`).join('')}
  @container (max-width: 18em) {
    .room {
      padding: calc(var(--_gap) * 1.5);
    }
    .middle {
      flex-basis: calc(264 * var(--_u));
    }
    .notice > .icon {
      display: none;
    }
    [part='controls'] {
      gap: calc(var(--_gap) / 2);
    }
    [part='leave-button'] {
      flex: auto;
      padding-inline: calc(8 * var(--_u));
    }
    .word {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
  }
  @media (pointer: coarse) {
    .face,
    .shell {
      --_touch: 44px;
    }
    .room button {
      min-block-size: var(--_touch);
      min-inline-size: var(--_touch);
    }
    /* After a tap the hover stays, and its tip would lie over what is tapped next. */
    .round:hover:not(:focus-visible) .tip {
      opacity: 0;
      pointer-events: none;
    }
  }
  @media (prefers-contrast: more) {
    div.notice {
      border-color: currentColor;
    }
  }
  @media (prefers-reduced-transparency) {
    [aria-disabled] {
      opacity: 1;
      color: var(--_quiet);
      --_back: var(--_fill);
    }
  }
  @media (prefers-reduced-motion) {
    *,
    ::before,
    ::after {
      transition: none !important;
    }
    .speaking [part='avatar']::after {
      transform: none;
    }
  }
  @media (forced-colors: active) {
    i {
      background: Highlight;
    }
    [part='avatar'] {
      border: 1px solid CanvasText;
    }
    .speaking [part='avatar']::after {
      border-color: Highlight;
    }
    div.notice {
      border-color: CanvasText;
    }
    .round[aria-pressed='true'] {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight;
      --_behind: Highlight;
      color: HighlightText;
    }
    .tip {
      border: 1px solid CanvasText;
    }
  }
`;
