/** The validation of queries and small bodies: class-validator, with answers in this API's own form. */
import { ValidationPipe } from '@nestjs/common';
import type { ArgumentMetadata, PipeTransform, ValidationError } from '@nestjs/common';
import { meantOrOneOf } from '@rapport/journey';
import { getMetadataStorage } from 'class-validator';
import { parseOptionalJsonBody } from './json-body';
import { Problem } from './problem';
import type { ProblemField } from './problem';

const UNKNOWN_NAME = 'whitelistValidation';

function pipe(refuse: (errors: ValidationError[]) => Problem): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: refuse,
  });
}

/** For @Query() and @Param(). */
export const PARAMETERS = pipe((errors) => {
  const fields = errors.map((error) => fieldOf(error, error.property));
  return new Problem('invalidParameter', sentences(fields), { errors: fields });
});

const BODY = pipe((errors) => {
  const fields = errors.map((error) => fieldOf(error, `#/${error.property}`));
  return new Problem('invalidBody', sentences(fields), { errors: fields });
});

/** For @Body(): parses the buffer that came, then validates. Where no body came, an empty object is validated. */
export class JsonBody implements PipeTransform {
  async transform(body: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const value = parseOptionalJsonBody(body);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const detail = 'The body must be an object.';
      throw new Problem('invalidBody', detail, { errors: [{ pointer: '#', detail, code: 'wrongType' }] });
    }
    return BODY.transform(value, metadata) as Promise<unknown>;
  }
}

function fieldOf(error: ValidationError, pointer: string): ProblemField {
  if (error.constraints?.[UNKNOWN_NAME] !== undefined) {
    return { pointer, detail: `is not known here. ${mendOf(error)}`, code: 'unknown' };
  }
  const detail = Object.values(error.constraints ?? {})[0] ?? 'is not as expected';
  return { pointer, detail, code: 'invalid' };
}

function mendOf(error: ValidationError): string {
  const known = knownNames(error.target);
  return known.length === 0 ? 'Leave it out.' : meantOrOneOf(error.property, known);
}

/** The names that the class of this object declares rules for. */
function knownNames(target: object | undefined): string[] {
  if (target === undefined) return [];
  const rules = getMetadataStorage().getTargetValidationMetadatas(target.constructor, '', false, false);
  return [...new Set(rules.map((rule) => rule.propertyName))];
}

const sentences = (fields: ProblemField[]): string =>
  fields.map((field) => `${field.pointer}: ${field.detail}`).join('; ');
