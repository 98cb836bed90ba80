/** What a person who comes back after a reload had chosen; not their mute, since nobody comes back unmuted. */
export interface Mark {
  readonly deafened: boolean;
}

const prefix = 'vc-room:resume:';
/** ms after which a page that comes back is another visit. */
const lifetime = 60_000;

/** Says that this tab was in the room `key` when its page went away: a reload finds it, a closed tab takes it along. Never throws. */
export function leaveMark(key: string, mark: Mark): void {
  try {
    sessionStorage.setItem(prefix + key, JSON.stringify({ ...mark, at: Date.now() }));
  } catch {
    // Without storage nobody comes back by themselves.
  }
}

/** The mark of a page that went away less than a minute ago, once. Never throws. */
export function takeMark(key: string): Mark | null {
  try {
    const { at, deafened } = JSON.parse(sessionStorage.getItem(prefix + key) ?? '{}') as Partial<Mark & { at: number }>;
    sessionStorage.removeItem(prefix + key);
    // Of nonsense it is NaN, which is neither.
    const age = Date.now() - Number(at);
    return age >= 0 && age < lifetime ? { deafened: deafened === true } : null;
  } catch {
    return null;
  }
}
