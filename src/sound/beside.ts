/** A microphone, and the frame that it lives in where that is not the page itself: without the frame it ends. */
export interface Opened {
  readonly stream: MediaStream;
  readonly frame: HTMLIFrameElement | null;
}

/**
 * The device of `track` once more, beside it. In Chromium all that one frame of a page has of a device shares one processing, so that another can be had only in
 * another frame: an empty one, or the page itself where `track` is in a frame.
 * @throws DOMException or TypeError where that cannot be had
 */
export async function openBeside(track: MediaStreamTrack, isInFrame: boolean, deviceId: string, audio: MediaTrackConstraints): Promise<Opened> {
  if (isInFrame) return { stream: await navigator.mediaDevices.getUserMedia({ audio: { ...audio, deviceId: { exact: deviceId } } }), frame: null };
  const frame = document.createElement('iframe');
  frame.hidden = true;
  document.documentElement.append(frame);
  try {
    const devices = frame.contentWindow?.navigator.mediaDevices;
    // Each empty frame has ids of its own; the label tells, unless there are two of a kind.
    const same = (await devices?.enumerateDevices())?.filter(({ kind, label }) => kind === 'audioinput' && label === track.label) ?? [];
    const [device] = same;
    if (!devices || !device || same.length > 1) throw new TypeError(`${same.length} microphones of this name in the frame`);
    return { stream: await devices.getUserMedia({ audio: { ...audio, deviceId: { exact: device.deviceId } } }), frame };
  } catch (thrown) {
    frame.remove();
    throw thrown;
  }
}

/** Whether the browser suppresses noise in `track` or not, as wanted; one that does not tell is believed. */
export function isRight(track: MediaStreamTrack, noiseSuppression: boolean): boolean {
  return (track.getSettings().noiseSuppression ?? noiseSuppression) === noiseSuppression;
}

export function end({ stream, frame }: Opened): void {
  for (const track of stream.getTracks()) track.stop();
  frame?.remove();
}
