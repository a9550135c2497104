import { Injectable, type PipeTransform } from '@nestjs/common';
import type { Static, TSchema } from '@sinclair/typebox';
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler';
import { strayTextAt } from '#kernel/sound-text';
import { ProblemException, type FieldProblem } from '#http/problem';

const faultsMax = 50;
/** No body of ours comes near it; what walks a body calls itself at each level. [ours] */
const levelsMax = 64;

/** `@Body(new BodyOf(noteSchema)) note: Note`: answers 400 with every fault and its JSON pointer when the body does not fit. */
@Injectable()
export class BodyOf<Schema extends TSchema> implements PipeTransform<unknown, Static<Schema>> {
  private readonly check: TypeCheck<Schema>;

  constructor(schema: Schema) {
    this.check = TypeCompiler.Compile(schema);
  }

  transform(body: unknown): Static<Schema> {
    if (isDeeper(body, levelsMax)) throw misfit([{ pointer: '', detail: `expected at most ${levelsMax} levels` }]);
    if (!this.check.Check(body)) throw misfit(this.faultsOf(body), body);
    const stray = strayTextAt(body, '');
    if (stray !== undefined) throw misfit([{ pointer: stray, detail: 'expected well-formed Unicode without U+0000' }]);
    return body;
  }

  private faultsOf(body: unknown): readonly FieldProblem[] {
    const errors: FieldProblem[] = [];
    for (const { path, message } of this.check.Errors(body)) {
      if (errors.length === faultsMax) break;
      if (errors.at(-1)?.pointer !== path) errors.push({ pointer: path, detail: message });
    }
    return errors;
  }
}

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));

function misfit(errors: readonly FieldProblem[], body: unknown = null): ProblemException {
  const detail = body === undefined ? 'send a JSON object with content-type application/json' : `${errors.length} fault(s)`;
  return new ProblemException(400, { name: 'invalid-body', title: 'The body does not fit', detail, members: { errors } });
}
