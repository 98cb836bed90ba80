/** RNNoise 0.1 as plain JavaScript, made at build time by wasm2js. One memory for all nodes of a worklet. */
export const memory: { readonly buffer: ArrayBuffer };
export function construct(): void;
export function create(model: number): number;
export function destroy(state: number): void;
export function process(state: number, output: number, input: number): number;
export function malloc(bytes: number): number;
export function free(pointer: number): void;
