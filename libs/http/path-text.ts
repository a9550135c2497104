import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { isSoundText } from '#kernel/sound-text';
import { ProblemException } from '#http/problem';

/** On every route: an id in the path that Postgres cannot hold names nothing. */
export class PathText implements PipeTransform {
  transform(value: unknown, { type }: ArgumentMetadata): unknown {
    if (type !== 'param' || typeof value !== 'string' || isSoundText(value)) return value;
    throw new ProblemException(404, {
      name: 'not-found',
      title: 'There is nothing with this id',
      detail: 'the path holds U+0000, which no id does',
    });
  }
}
