/** One statement on one connection: a transaction of the consumer or of the API, or the pool. Rows are trusted to be as asked. */
export interface Query {
  query<Row>(text: string, values?: readonly unknown[]): Promise<{ readonly rows: readonly Row[] }>;
}

/** Collects conditions and their values, numbering the parameters as they come. */
export class Conditions {
  private readonly texts: string[] = [];
  readonly values: unknown[] = [];

  /** `text` names its parameters `$?`, in the order of `values`. */
  add(text: string, ...values: readonly unknown[]): void {
    let next = 0;
    this.texts.push(
      text.replaceAll('$?', () => {
        this.values.push(values[next]);
        next += 1;
        return `$${this.values.length}`;
      }),
    );
  }

  get where(): string {
    return this.texts.length === 0 ? '' : `WHERE ${this.texts.join(' AND ')}`;
  }

  /** The next free parameter, for what follows the conditions. */
  parameter(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
