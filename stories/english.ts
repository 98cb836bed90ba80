import { help } from '../src/strings/en-help.js';
import { en } from '../src/strings/en.js';
import type { Strings } from '../src/strings/en.js';

/** Every English word. */
export const english: Strings = { ...en, ...help };
