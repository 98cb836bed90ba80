/** Something that RNNoise takes for a voice: pulses through three formants, syllables, a pause each `phrase` seconds; and noise under it. 48 kHz, deterministic. */
export function noisyVoice(seconds: number, noise = 0.02, phrase = 2): Float32Array<ArrayBuffer> {
  const rate = 48_000;
  const out = new Float32Array(Math.round(seconds * rate));
  let seed = 12345;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
    return seed / 2 ** 31;
  };
  const formants = [
    [650, 90, 1],
    [1150, 110, 0.6],
    [2600, 160, 0.3],
  ].map(([frequency = 0, width = 0, gain = 0]) => {
    const radius = Math.exp((-Math.PI * width) / rate);
    return { a: 2 * radius * Math.cos((2 * Math.PI * frequency) / rate), b: -radius * radius, gain: gain * (1 - radius), one: 0, two: 0 };
  });
  let phase = 0;
  for (let index = 0; index < out.length; index++) {
    const time = index / rate;
    const syllable = time % 0.35 < 0.22 && time % phrase < 0.75 * phrase ? Math.sin((Math.PI * (time % 0.35)) / 0.22) : 0;
    phase += (120 + 25 * Math.sin(time * 5)) / rate;
    const pulse = phase >= 1 ? 1 : 0;
    if (pulse) phase -= 1;
    let voice = 0;
    for (const formant of formants) {
      const next = formant.a * formant.one + formant.b * formant.two + pulse * 20;
      formant.two = formant.one;
      formant.one = next;
      voice += next * formant.gain;
    }
    out[index] = 0.15 * voice * syllable + noise * random();
  }
  return out;
}

export const largestStep = (samples: Float32Array): number => {
  let most = 0;
  for (let index = 1; index < samples.length; index++) most = Math.max(most, Math.abs((samples[index] ?? 0) - (samples[index - 1] ?? 0)));
  return most;
};

export const loudness = (samples: Float32Array): number => Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length));
