import { Injectable, type PipeTransform } from '@nestjs/common';
import type { Static, TSchema } from '@sinclair/typebox';
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler';
import { ProblemException, type FieldProblem } from '#http/problem';

const faultsMax = 50;

/** `@Body(new BodyOf(noteSchema)) note: Note`: answers 400 with every fault and its JSON pointer when the body does not fit. */
@Injectable()
export class BodyOf<Schema extends TSchema> implements PipeTransform<unknown, Static<Schema>> {
  private readonly check: TypeCheck<Schema>;

  constructor(schema: Schema) {
    this.check = TypeCompiler.Compile(schema);
  }

  transform(body: unknown): Static<Schema> {
    if (this.check.Check(body)) return body;
    const errors: FieldProblem[] = [];
    for (const { path, message } of this.check.Errors(body)) {
      if (errors.length === faultsMax) break;
      if (errors.at(-1)?.pointer !== path) errors.push({ pointer: path, detail: message });
    }
    const detail = body === undefined ? 'send a JSON object with content-type application/json' : `${errors.length} fault(s)`;
    throw new ProblemException(400, { name: 'invalid-body', title: 'The body does not fit', detail, members: { errors } });
  }
}
