/** An identity that nobody else in this browser profile has while it is held. */
export interface IdentityClaim {
  readonly identity: string;
  /** Idempotent; a page that dies releases by itself. */
  release(): void;
}

const storageKey = 'vc-room:identities';
const lockPrefix = 'vc-room:identity:';
const longestList = 8;

let releasing: Promise<unknown> = Promise.resolve();

/**
 * The first free identity of a short list kept in the profile, so that a second visit is the same person and no two elements, on whatever tabs, ever share one.
 * Without storage, without Web Locks (insecure pages), or with the whole list taken: one of its own.
 */
export async function claimIdentity(): Promise<IdentityClaim> {
  const { locks } = navigator as { locks?: LockManager };
  if (locks) {
    // Who leaves and joins in one task is to find the identity that they just gave back.
    await releasing;
    for (let tried: readonly string[] = []; ;) {
      const next = nextIdentity(tried);
      if (!next) break;
      const { identity, isNew } = next;
      const { isOurs, release } = hold(locks, lockPrefix + identity);
      // Nobody else has what was made up in this task; others learn of it once the lock has been asked for.
      if (isNew ? list(identity) : await isOurs) return { identity, release };
      if (isNew) {
        release();
        break;
      }
      tried = [...tried, identity];
    }
  }
  return { identity: randomIdentity(), release: () => undefined };
}

/** The next visit is somebody new; who is in a room stays who they are. */
export function forgetIdentities(): void {
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // Where nothing can be stored nothing is.
  }
}

/** Of this profile's list, what has not been tried; the list grows as needed. */
function nextIdentity(tried: readonly string[]): { readonly identity: string; readonly isNew: boolean } | null {
  // Read anew every time: another tab may just have added its own.
  const known = readList();
  const free = known.find((identity) => !tried.includes(identity));
  if (free) return { identity: free, isNew: false };
  return known.length < longestList ? { identity: randomIdentity(), isNew: true } : null;
}

/** Whether the profile has it for the next visit. */
function list(identity: string): boolean {
  try {
    localStorage.setItem(storageKey, JSON.stringify([...readList(), identity]));
    return true;
  } catch {
    return false;
  }
}

function readList(): readonly string[] {
  try {
    const list = JSON.parse(localStorage.getItem(storageKey) ?? '[]') as unknown;
    return Array.isArray(list) ? list.filter((item): item is string => typeof item === 'string' && item !== '').slice(0, longestList) : [];
  } catch {
    return [];
  }
}

/** `isOurs`: nobody else holds it; not so in documents without an origin of their own (sandboxed frames), which have no locks. */
function hold(locks: LockManager, name: string): { readonly isOurs: Promise<boolean>; readonly release: () => void } {
  let release = (): void => undefined;
  const isOurs = new Promise<boolean>((tell) => {
    const released = new Promise<void>((letGo) => {
      release = () => {
        letGo();
        releasing = Promise.all([releasing, held]);
      };
    });
    const held: Promise<unknown> = locks
      .request(name, { ifAvailable: true }, (lock) => {
        tell(lock !== null);
        return lock ? released : undefined;
      })
      .catch(() => tell(false));
  });
  return { isOurs, release };
}

/** `crypto.randomUUID` is missing on insecure pages. */
function randomIdentity(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `guest-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
