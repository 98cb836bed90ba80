interface NetworkInformation {
  readonly saveData?: boolean;
  readonly type?: string;
}

/** Whether data costs the person something, as far as the browser tells. */
export function isMetered(): boolean {
  const { saveData, type } = (navigator as { connection?: NetworkInformation }).connection ?? {};
  return saveData || type === 'cellular';
}
