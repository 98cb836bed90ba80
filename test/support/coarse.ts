/** A picture in which each pixel is the mean of a square of the one that was taken; RGB, row by row. */
export interface Coarse {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Where two pictures differ by more than is allowed. */
export interface Difference {
  readonly column: number;
  readonly row: number;
  readonly was: readonly number[];
  readonly is: readonly number[];
  /** The largest of the three, 0 to 255. */
  readonly by: number;
}

/** Edge of a square, CSS px. */
export const square = 8;

/**
 * The squares of which a channel differs by more than `tolerance`; where sizes differ, all of them.
 * @param tolerance 0 to 255
 */
export function differences(was: Coarse, is: Coarse, tolerance: number): Difference[] {
  const same = was.width === is.width && was.height === is.height;
  return Array.from({ length: is.width * is.height }, (_, index) => {
    const [before, now] = [was, is].map(({ data }) => [...data.subarray(3 * index, 3 * index + 3)]) as [number[], number[]];
    const by = same ? Math.max(...now.map((value, channel) => Math.abs(value - (before[channel] ?? 0)))) : 255;
    return { column: index % is.width, row: Math.floor(index / is.width), was: before, is: now, by };
  }).filter(({ by }) => by > tolerance);
}
