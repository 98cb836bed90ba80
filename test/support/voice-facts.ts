/** Fundamentals, in Hz, of the two people of the tests. No harmonic of one lies near those that are measured of the other. */
export const pitches = { ada: 200, ben: 330 } as const;

export type Voice = keyof typeof pitches;

/** The harmonics, in Hz, by which a voice is recognised at the far end. */
export function harmonics(voice: Voice): readonly number[] {
  return [2, 4].map((harmonic) => harmonic * pitches[voice]);
}

/** Amplitude, of full scale 1, from which a voice counts as heard; it arrives with 0.05 to 0.1. */
export const audible = 0.01;
/** Share of all that sounds from which it is a voice and not what another leaks into its harmonics: there it is about 0.3, leaks stay below 0.03. */
const distinct = 0.1;

/**
 * How loud a voice is in these samples, of full scale 1: the weakest of its harmonics, so that another voice or noise at one of them is not mistaken for it; 0 where
 * it is none of the main things that sound. `rate` in Hz.
 */
export function loudness(samples: Float32Array, rate: number, voice: Voice): number {
  const weakest = Math.min(...harmonics(voice).map((frequency) => amplitude(samples, frequency / rate)));
  const all = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  return weakest > distinct * all ? weakest : 0;
}

/** Amplitude at a frequency given in cycles each sample: Goertzel behind a Hann window. */
function amplitude(samples: Float32Array, frequency: number): number {
  const turn = 2 * Math.cos(2 * Math.PI * frequency);
  let [before, last] = [0, 0];
  for (const [index, sample] of samples.entries()) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / samples.length);
    [before, last] = [last, sample * window + turn * last - before];
  }
  return (4 * Math.sqrt(Math.max(0, last * last + before * before - turn * last * before))) / samples.length;
}
