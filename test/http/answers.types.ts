/** The parts of the answers that tests look at. */
export interface IngestBody {
  position: number;
  accepted: number;
  duplicates: number;
  waited?: boolean;
  results: { status: string; touchpointId: string; derivedId?: true }[];
  journeys: { [customerId: string]: { stage: string | null; engagement: string | null } };
}
export interface ListBody<Item> {
  items: Item[];
  nextCursor?: string;
  total?: { customers: number; exact: boolean };
  position: number;
}
export interface CustomerItem {
  customerId: string;
  stage: string;
}
export interface ChangeItem {
  id: string;
  position: number;
  customerId: string;
  from: string | null;
  to: string;
  history: boolean;
}
