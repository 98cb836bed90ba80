/** Fundamentals, in Hz, of the two people of the tests. No harmonic of one lies near those that are measured of the other. */
export const pitches = { ada: 200, ben: 330 } as const;

export type Voice = keyof typeof pitches;

/** The harmonics, in Hz, by which a voice is recognised at the far end. */
export function harmonics(voice: Voice): readonly number[] {
  return [2, 4].map((harmonic) => harmonic * pitches[voice]);
}
