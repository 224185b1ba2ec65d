/** The validation of queries and small bodies: class-validator, with answers in this API's own form. */
import { ValidationPipe } from '@nestjs/common';
import type { ArgumentMetadata, PipeTransform, Type, ValidationError } from '@nestjs/common';
import { meantOrOneOf } from '@rapport/journey';
import { getMetadataStorage } from 'class-validator';
import { parseOptionalJsonBody } from './json-body';
import { Problem } from './problem';
import type { ProblemCode, ProblemField } from './problem';

type Members = { readonly [name: string]: unknown };

/** Validates members against the class that the route names, and lists every fault at once. */
class MembersPipe implements PipeTransform {
  private readonly rules = new ValidationPipe({ transform: true, exceptionFactory: (errors) => new Invalid(errors) });

  /** `pointer` turns the name of a member into the pointer that an answer shows. */
  constructor(
    private readonly code: ProblemCode,
    private readonly pointer: (name: string) => string,
  ) {}

  async transform(members: Members, metadata: ArgumentMetadata): Promise<unknown> {
    const known = knownNames(metadata.metatype);
    const names = Object.keys(members);
    const unknown = names.filter((name) => !known.includes(name));
    // Not by assignment: a member may be called "__proto__".
    const rest = Object.fromEntries(names.filter((name) => known.includes(name)).map((name) => [name, members[name]]));
    const faults = unknown.map((name) => this.unknownMember(name, known));
    try {
      const valid: unknown = await this.rules.transform(rest, metadata);
      if (faults.length === 0) return valid;
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      faults.push(...error.errors.map((fault) => this.invalidMember(fault)));
    }
    throw new Problem(this.code, faults.map((fault) => `${fault.pointer}: ${fault.detail}`).join('; '), {
      errors: faults,
    });
  }

  private unknownMember(name: string, known: readonly string[]): ProblemField {
    const shown = name.slice(0, NAME_CHARS_SHOWN);
    const mend = known.length === 0 ? 'Leave it out.' : meantOrOneOf(shown, known);
    return { pointer: this.pointer(shown), detail: `is not known here. ${mend}`, code: 'unknown' };
  }

  private invalidMember(error: ValidationError): ProblemField {
    const detail = Object.values(error.constraints ?? {})[0] ?? 'is not as expected';
    return { pointer: this.pointer(error.property), detail, code: 'invalid' };
  }
}

class Invalid extends Error {
  constructor(readonly errors: ValidationError[]) {
    super('invalid');
  }
}

const NAME_CHARS_SHOWN = 100;

/** The names that the class declares rules for. */
function knownNames(type: Type | undefined): string[] {
  if (type === undefined) return [];
  const rules = getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
  return [...new Set(rules.map((rule) => rule.propertyName))];
}

/** For @Query() and @Param(). */
export const PARAMETERS = new MembersPipe('invalidParameter', (name) => name);

const BODY = new MembersPipe('invalidBody', (name) => `#/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`);

/** For @Body(): parses the buffer that came, then validates. Where no body came, an empty object is validated. */
export class JsonBody implements PipeTransform {
  async transform(body: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const value = parseOptionalJsonBody(body);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const detail = 'The body must be an object.';
      throw new Problem('invalidBody', detail, { errors: [{ pointer: '#', detail, code: 'wrongType' }] });
    }
    return BODY.transform(value as Members, metadata);
  }
}
