/** Where each district's tile lies on the map, rows and columns from 0 at the north-west, and its three letters. */
export interface TilePlace {
  readonly code: string;
  readonly abbreviation: string;
  readonly row: number;
  readonly column: number;
}

/** Kota Medan, from the Strait of Malacca southward: as `prisma/data/medan-districts.csv` has it. */
export const medanTiles: readonly TilePlace[] = [
  { code: '12.71.01', abbreviation: 'KTA', row: 5, column: 3 },
  { code: '12.71.02', abbreviation: 'SGL', row: 4, column: 0 },
  { code: '12.71.03', abbreviation: 'HLV', row: 3, column: 0 },
  { code: '12.71.04', abbreviation: 'DNI', row: 4, column: 4 },
  { code: '12.71.05', abbreviation: 'BRT', row: 3, column: 1 },
  { code: '12.71.06', abbreviation: 'DLI', row: 2, column: 2 },
  { code: '12.71.07', abbreviation: 'TTG', row: 6, column: 0 },
  { code: '12.71.08', abbreviation: 'BLW', row: 0, column: 1 },
  { code: '12.71.09', abbreviation: 'AMP', row: 6, column: 3 },
  { code: '12.71.10', abbreviation: 'ARE', row: 4, column: 3 },
  { code: '12.71.11', abbreviation: 'JHR', row: 6, column: 2 },
  { code: '12.71.12', abbreviation: 'MRL', row: 1, column: 1 },
  { code: '12.71.13', abbreviation: 'LBH', row: 1, column: 2 },
  { code: '12.71.14', abbreviation: 'TMB', row: 3, column: 4 },
  { code: '12.71.15', abbreviation: 'MMN', row: 4, column: 2 },
  { code: '12.71.16', abbreviation: 'PLN', row: 5, column: 2 },
  { code: '12.71.17', abbreviation: 'BRU', row: 5, column: 1 },
  { code: '12.71.18', abbreviation: 'PRJ', row: 3, column: 3 },
  { code: '12.71.19', abbreviation: 'PTS', row: 4, column: 1 },
  { code: '12.71.20', abbreviation: 'TMR', row: 3, column: 2 },
  { code: '12.71.21', abbreviation: 'SLY', row: 5, column: 0 },
];
