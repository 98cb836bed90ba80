import { css } from 'lit';

export const roomStyles = css``;
