import { applyDecorators, Injectable, type PipeTransform } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import type { Static, TObject } from '@sinclair/typebox';
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler';
import { Value } from '@sinclair/typebox/value';
import { strayTextAt } from '#kernel/sound-text';
import { ProblemException } from '#http/problem';

/** `@Query(new QueryOf(schema))`: numbers are read from text; a name that is not in the schema is refused rather than passed over. */
@Injectable()
export class QueryOf<Schema extends TObject> implements PipeTransform<unknown, Static<Schema>> {
  private readonly check: TypeCheck<Schema>;

  constructor(private readonly schema: Schema) {
    this.check = TypeCompiler.Compile(schema);
  }

  transform(query: unknown): Static<Schema> {
    const names = Object.keys(this.schema.properties);
    const unknown = Object.keys(query as object).find((name) => !names.includes(name));
    if (unknown !== undefined) throw badQuery(unknown, `there is no such filter; there are ${names.join(', ')}`);
    const value = Value.Default(this.schema, Value.Convert(this.schema, { ...(query as object) }));
    const stray = strayTextAt(query, '');
    if (stray !== undefined) throw badQuery(stray.slice(1), 'send well-formed Unicode without U+0000');
    if (this.check.Check(value)) return value;
    const fault = this.check.Errors(value).First()!;
    throw badQuery(fault.path.slice(1), fault.schema['description'] ?? fault.message);
  }
}

export const badQuery = (name: string, detail: string): ProblemException =>
  new ProblemException(400, { name: 'bad-query', title: `The parameter ${name} does not fit`, detail });

/** The parameters of a schema, for the OpenAPI document. */
export const QueriesOf = (schema: TObject) =>
  applyDecorators(
    ...Object.entries(schema.properties).map(([name, property]) =>
      ApiQuery({ name, required: false, schema: JSON.parse(JSON.stringify(property)) as object }),
    ),
  );
