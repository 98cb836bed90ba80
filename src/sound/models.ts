/** How long a file may take, in ms: while it is on its way nothing suppresses noise. */
export const hanging = 20_000;

const compiled = new Map<string, Promise<WebAssembly.Module>>();

/** The model at `url`, fetched and compiled once a page. Fails where a policy forbids either. */
export function compiledModel(url: string): Promise<WebAssembly.Module> {
  const known = compiled.get(url);
  if (known) return known;
  const module = compile(url);
  compiled.set(url, module);
  module.catch(() => compiled.delete(url));
  return module;
}

/** The model at `url` as a file: for a worklet that no Module reaches. */
export async function modelBytes(url: string): Promise<ArrayBuffer> {
  return (await get(url)).arrayBuffer();
}

async function compile(url: string): Promise<WebAssembly.Module> {
  const response = await get(url);
  // Streaming refuses any other type, and some servers know no better.
  return response.headers.get('content-type') === 'application/wasm'
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

async function get(url: string): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(hanging) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return response;
}

interface NetworkInformation {
  readonly saveData?: boolean;
  readonly effectiveType?: string;
}

/** Whether 1.2 MB for a better model are welcome here. Where the browser does not tell, they are. */
export function canAffordLargeModel(): boolean {
  const { saveData, effectiveType } = (navigator as { connection?: NetworkInformation }).connection ?? {};
  return !saveData && (effectiveType ?? '4g') === '4g';
}
