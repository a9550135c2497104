import { HttpException } from '@nestjs/common';

/** RFC 9457. `type` is `urn:makewhole:problem:<name>`; further members say more, such as `errors` with JSON pointers. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly errors?: readonly FieldProblem[];
}

export interface FieldProblem {
  /** JSON pointer into the request body. */
  readonly pointer: string;
  readonly detail: string;
}

interface ProblemParts {
  readonly name: string;
  readonly title: string;
  readonly detail?: string;
  readonly members?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown at the edge, by controllers and guards; answered as `application/problem+json`. */
export class ProblemException extends HttpException {
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, { name, title, detail, members, headers }: ProblemParts) {
    super(problem(status, name, title, detail, members), status);
    this.headers = headers ?? {};
  }

  get problem(): Problem {
    return this.getResponse() as Problem;
  }
}

export const problem = (
  status: number,
  name: string,
  title: string,
  detail?: string,
  members: Readonly<Record<string, unknown>> = {},
): Problem => ({ type: `urn:makewhole:problem:${name}`, title, status, ...(detail === undefined ? {} : { detail }), ...members });
