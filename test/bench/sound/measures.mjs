/** What can be said of a sound when the clean one is known. 48 kHz. */

/** Samples by which `heard` is later than `clean`, by cross-correlation over two seconds. */
export function lagOf(clean, heard, most = 4000) {
  const from = Math.max(0, Math.min(48_000, clean.length - 96_000 - most));
  const length = Math.min(96_000, clean.length - from - most);
  const at = (lag) => {
    let sum = 0;
    for (let index = 0; index < length; index += 1) sum += clean[from + index] * heard[from + index + lag];
    return sum;
  };
  let best = 0;
  let value = -Infinity;
  for (let lag = 0; lag < most; lag++) {
    const found = at(lag);
    if (found > value) [best, value] = [lag, found];
  }
  return best;
}

/** 48 kHz by averages of twelve: enough to find the place, and quick. */
const coarse = 12;
const thinned = (sound) =>
  Float32Array.from({ length: Math.floor(sound.length / coarse) }, (_, index) => {
    let sum = 0;
    for (let each = 0; each < coarse; each++) sum += sound[coarse * index + each];
    return sum;
  });

function match(here, from, length, there, least, most) {
  let [best, value] = [least, -Infinity];
  for (let at = least; at <= most; at++) {
    let sum = 0;
    for (let index = 0; index < length; index++) sum += here[from + index] * there[at + index];
    if (sum > value) [best, value] = [at, sum];
  }
  return best;
}

/** Where in `there`, from `least` up to `most`, it sounds most like `here` does at `from`, `length` long: roughly first, then to the sample. */
export function place(here, from, length, there, least, most) {
  const [thinHere, thinThere] = [thinned(here.subarray(from, from + length)), thinned(there.subarray(least, most + length))];
  const rough = least + coarse * match(thinHere, 0, thinHere.length, thinThere, 0, thinThere.length - thinHere.length);
  return match(here, from, length, there, Math.max(0, rough - 2 * coarse), Math.min(there.length - length, rough + 2 * coarse));
}

/** Scale-invariant signal to distortion ratio (Le Roux et al. 2019), dB. */
export function siSdr(clean, heard) {
  let cross = 0;
  let own = 0;
  for (let index = 0; index < clean.length; index++) [cross, own] = [cross + clean[index] * heard[index], own + clean[index] ** 2];
  const scale = cross / own;
  let signal = 0;
  let rest = 0;
  for (let index = 0; index < clean.length; index++) {
    const wanted = scale * clean[index];
    signal += wanted ** 2;
    rest += (heard[index] - wanted) ** 2;
  }
  return 10 * Math.log10(signal / rest);
}

/** Level in frames of 480 in which nobody speaks, dB below full scale. */
export function pauseLevel(sound, pause) {
  let sum = 0;
  let count = 0;
  for (let frame = 0; frame < pause.length && (frame + 1) * 480 <= sound.length; frame++) {
    if (!pause[frame]) continue;
    for (let index = 0; index < 480; index++) sum += sound[frame * 480 + index] ** 2;
    count += 480;
  }
  return 10 * Math.log10(sum / count + 1e-15);
}

export const largestStep = (sound) => {
  let most = 0;
  for (let index = 1; index < sound.length; index++) most = Math.max(most, Math.abs(sound[index] - sound[index - 1]));
  return most;
};

export const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** 48 to 10 kHz: windowed sinc, five taps of 24 steps. */
function resample(sound) {
  const half = 120;
  const kernel = Array.from({ length: 5 }, (_, phase) =>
    Float64Array.from({ length: 2 * half }, (_, tap) => {
      const time = (tap - half + 1 - ((phase * 4.8) % 1)) / 4.8;
      const sinc = time === 0 ? 1 : Math.sin(Math.PI * time) / (Math.PI * time);
      return (sinc * (0.5 + 0.5 * Math.cos((Math.PI * time * 4.8) / half))) / 4.8;
    }),
  );
  const out = new Float64Array(Math.floor(sound.length / 4.8));
  for (let index = 0; index < out.length; index++) {
    const first = Math.floor(index * 4.8) - half + 1;
    const taps = kernel[index % 5];
    let sum = 0;
    for (let tap = 0; tap < 2 * half; tap++) sum += taps[tap] * (sound[first + tap] ?? 0);
    out[index] = sum;
  }
  return out;
}

const frame = 256;
const size = 512;
const window = Float64Array.from({ length: frame }, (_, index) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 1)) / (frame + 1)));
const cosines = Float64Array.from({ length: size / 2 }, (_, index) => Math.cos((2 * Math.PI * index) / size));
const sines = Float64Array.from({ length: size / 2 }, (_, index) => Math.sin((2 * Math.PI * index) / size));

function power(samples) {
  const real = new Float64Array(size);
  const imaginary = new Float64Array(size);
  for (let index = 0, reversed = 0; index < size; index++) {
    real[reversed] = index < frame ? samples[index] : 0;
    for (let bit = size >> 1; (reversed ^= bit) < bit; bit >>= 1);
  }
  for (let half = 1; half < size; half *= 2) {
    for (let start = 0; start < size; start += 2 * half) {
      for (let each = 0; each < half; each++) {
        const angle = (each * size) / (2 * half);
        const upper = start + each;
        const lower = upper + half;
        const r = real[lower] * cosines[angle] + imaginary[lower] * sines[angle];
        const i = imaginary[lower] * cosines[angle] - real[lower] * sines[angle];
        [real[lower], imaginary[lower], real[upper], imaginary[upper]] = [real[upper] - r, imaginary[upper] - i, real[upper] + r, imaginary[upper] + i];
      }
    }
  }
  return real.subarray(0, size / 2 + 1).map((value, index) => value ** 2 + imaginary[index] ** 2);
}

const bands = Array.from({ length: 15 }, (_, band) => {
  const middle = 150 * 2 ** (band / 3);
  return [middle * 2 ** (-1 / 6), middle * 2 ** (1 / 6)].map((frequency) => Math.round((frequency * size) / 10_000));
});

/** Short-time objective intelligibility (Taal et al. 2011), 0 to 1. Agrees with pystoi 0.4.1 to 0.002. */
export function stoi(clean, heard) {
  const [x, y] = [resample(clean), resample(heard)];
  const cut = (sound, at) => Float64Array.from({ length: frame }, (_, index) => sound[at + index] * window[index]);
  const starts = [];
  for (let at = 0; at + frame <= x.length; at += frame / 2) starts.push(at);
  const levels = starts.map((at) => 20 * Math.log10(Math.hypot(...cut(x, at)) + 1e-16));
  const loudest = Math.max(...levels);
  const kept = starts.filter((_, index) => levels[index] > loudest - 40);
  // The frames that are left are joined by overlap and add before they are cut again.
  const join = (sound) => {
    const out = new Float64Array((kept.length + 1) * (frame / 2));
    kept.forEach((at, index) => cut(sound, at).forEach((sample, each) => (out[(index * frame) / 2 + each] += sample)));
    return out;
  };
  const spectrum = (sound) => {
    const joined = join(sound);
    return kept.map((_, index) => {
      const bins = power(cut(joined, (index * frame) / 2));
      return bands.map(([low, high]) => Math.sqrt(bins.subarray(low, high).reduce((sum, value) => sum + value, 0)));
    });
  };
  const [one, other] = [spectrum(x), spectrum(y)];
  const limit = 1 + 10 ** (15 / 20);
  let sum = 0;
  let count = 0;
  const c = new Float64Array(30);
  for (let last = 30; last <= kept.length; last++) {
    for (let band = 0; band < 15; band++) {
      let [ownX, ownY, meanX, meanC] = [0, 0, 0, 0];
      for (let at = last - 30; at < last; at++) [ownX, ownY] = [ownX + one[at][band] ** 2, ownY + other[at][band] ** 2];
      const scale = Math.sqrt(ownX / (ownY + 1e-32));
      for (let index = 0; index < 30; index++) {
        const wanted = one[last - 30 + index][band];
        c[index] = Math.min(other[last - 30 + index][band] * scale, wanted * limit);
        meanX += wanted / 30;
        meanC += c[index] / 30;
      }
      let [cross, varianceX, varianceC] = [0, 0, 0];
      for (let index = 0; index < 30; index++) {
        const dx = one[last - 30 + index][band] - meanX;
        const dc = c[index] - meanC;
        cross += dx * dc;
        varianceX += dx * dx;
        varianceC += dc * dc;
      }
      sum += cross / (Math.sqrt(varianceX * varianceC) + 1e-16);
      count++;
    }
  }
  return sum / count;
}
