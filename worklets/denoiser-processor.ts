import { registerDenoiser } from './denoiser.js';
import { processorName } from './protocol.js';

registerDenoiser(processorName, null);
