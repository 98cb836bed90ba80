import { css } from '../css.js';

/** The on-screen key. */
export const talkStyles = css`
  kbd {
    font: inherit;
    unicode-bidi: plaintext;
  }
  .room .talk {
    display: flex;
    flex: none;
    align-items: center;
    justify-content: center;
    gap: calc(8 * var(--_u));
    min-block-size: calc(52 * var(--_u));
    border-color: color-mix(in oklab, var(--_text) 12%, var(--_surface));
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
    -webkit-touch-callout: none;
  }
  .talk kbd {
    padding: 0 calc(6 * var(--_u));
    border: 1px solid color-mix(in oklab, currentColor 30%, transparent);
    border-radius: calc(5 * var(--_u));
    font-size: calc(12em / 14);
    font-weight: 400;
    line-height: 1.5;
  }
  .talk.held {
    --_back: var(--_speaking);
    --_behind: var(--_back);
    border-color: transparent;
    color: color(from var(--_speaking) xyz-d65 calc(0.9505 * var(--_k)) var(--_k) calc(1.089 * var(--_k)));
  }
  .talk.held:hover {
    background: var(--_back);
  }
  @container (max-width: 18em) {
    .talk kbd {
      display: none;
    }
  }
  @media (pointer: coarse) {
    .talk kbd {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .talk.held {
      forced-color-adjust: none;
      background: Highlight;
      --_behind: Highlight;
      color: HighlightText;
    }
  }
`;
