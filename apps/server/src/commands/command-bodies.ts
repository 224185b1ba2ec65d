/** The small bodies, as classes for the validation pipe. */
import { CUSTOMER_ID_LENGTH_MAX } from '@rapport/journey';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsString, Length } from 'class-validator';
import { CUSTOMERS_PER_SETTLE_MAX } from '../config/limits';
import { Optional } from '../queries/parameter-rules';

export class SettleBody {
  @Optional()
  @IsArray({ message: 'must be a list of customer ids; leave it out to settle everybody' })
  @ArrayMinSize(1, { message: 'must name at least one customer; leave it out to settle everybody' })
  @ArrayMaxSize(CUSTOMERS_PER_SETTLE_MAX, { message: `must name at most ${CUSTOMERS_PER_SETTLE_MAX} customers` })
  @IsString({ each: true, message: 'must hold texts only' })
  @Length(1, CUSTOMER_ID_LENGTH_MAX, {
    each: true,
    message: `must hold ids of 1 to ${CUSTOMER_ID_LENGTH_MAX} characters`,
  })
  customerIds?: string[];
}

export class ClockBody {
  @IsBoolean({ message: 'must be true (the clock is right) or false (it is not)' })
  believe!: boolean;
}
