/** Resolves when all has moved that moves by itself; what follows scrolling never ends. */
export async function atRest(root: ShadowRoot): Promise<void> {
  const moving = root.getAnimations().filter(({ timeline }) => timeline === document.timeline);
  await Promise.all(moving.map(({ finished }) => finished.catch(() => undefined)));
}
