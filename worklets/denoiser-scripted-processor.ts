import { registerDenoiser } from './denoiser.js';
import { scriptedProcessorName } from './protocol.js';
import * as model from './scripted-model.js';

registerDenoiser(scriptedProcessorName, model);
