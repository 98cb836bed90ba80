import { css } from '../css.js';

/** The frame of the room, and what holds for all that is in it. The middle keeps its height whoever comes and whatever is wrong; give the host a height to choose another. */
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
    flex: 1 1 calc(228 * var(--_u));
    flex-direction: column;
    gap: var(--_gap);
    min-block-size: 0;
  }
  .people,
  .fields {
    flex: 1;
    min-block-size: 0;
    margin-inline: calc(var(--_gap) * -1);
    padding-inline: var(--_gap);
    overflow: hidden auto;
    overscroll-behavior: contain;
    scroll-padding-block: calc(32 * var(--_u));
    scrollbar-width: thin;
    scrollbar-color: color-mix(in oklab, var(--_text) 20%, var(--_surface)) transparent;
    animation: more linear;
    animation-timeline: scroll(self);
  }
  /* There is more below: what scrolls fades out as long as it is not at its end. */
  @keyframes more {
    from,
    98% {
      mask: linear-gradient(#000 calc(100% - 32px), #0000);
    }
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
  .gap {
    stroke: var(--_behind, var(--_surface));
    stroke-width: 2.2;
  }
  .faint {
    opacity: 0.35;
  }
  @container (max-width: 18em) {
    .room {
      padding: calc(var(--_gap) * 1.5);
    }
    .middle {
      flex-basis: calc(264 * var(--_u));
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
  }
  @media (forced-colors: active) {
    .face,
    .shell {
      --_danger: CanvasText;
      --_speaking: Highlight;
    }
    i {
      background: Highlight;
    }
  }
`;
