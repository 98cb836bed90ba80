/** What one suite reports to test/run.ts. */
export interface Counts {
  passed: number;
  failed: number;
  failures: string[];
}
