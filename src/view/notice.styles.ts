import { css } from '../css.js';

/** What is wrong, and the one thing to do. */
export const noticeStyles = css`
  div.notice {
    --_behind: color-mix(in oklab, var(--_danger) 12%, var(--_surface));
    display: flex;
    flex: none;
    align-items: center;
    flex-wrap: wrap;
    gap: calc(6 * var(--_u)) calc(8 * var(--_u));
    max-block-size: calc(100% - 52 * var(--_u));
    box-sizing: border-box;
    padding: calc(6 * var(--_u));
    padding-inline-start: calc(10 * var(--_u));
    overflow: auto;
    /* Seen in forced colours. */
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
  .notice:not(.calm) > .icon {
    color: var(--_danger);
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
  .notice.long p {
    flex-basis: calc(100% - 40 * var(--_u));
  }
  .notice.long button {
    margin-block-end: calc(2 * var(--_u));
  }
  @container (max-width: 18em) {
    .notice > .icon {
      display: none;
    }
  }
  @media (prefers-contrast: more) {
    div.notice {
      border-color: currentColor;
    }
  }
`;
