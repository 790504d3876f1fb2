/** Records with the same fields: a table, and on a phone a list of cards. */
import { Group, Paper, Stack, Table, Text, UnstyledButton } from "@mantine/core"
import { IconArrowDown, IconArrowUp, IconArrowsSort } from "@tabler/icons-react"
import type { ReactNode } from "react"
import { useIsNarrow } from "./useIsNarrow.ts"

export interface Column<Row> {
  readonly key: string
  readonly header: string
  readonly cell: (row: Row) => ReactNode
  /** Amounts and numbers stand at the end of their column. */
  readonly numeric?: boolean
  readonly sort?: { readonly direction: "ascending" | "descending" | "none"; readonly onSort: () => void }
}

interface Props<Row> {
  /** What these records are. */
  readonly label: string
  /** The first one is a card's title. */
  readonly columns: readonly [Column<Row>, ...ReadonlyArray<Column<Row>>]
  readonly rows: ReadonlyArray<Row>
  readonly rowKey: (row: Row) => string | number
  /** What can be done with a record. */
  readonly action?: { readonly header: string; readonly cell: (row: Row) => ReactNode }
}

export const RecordTable = <Row,>(props: Props<Row>) => (useIsNarrow() ? <Cards {...props} /> : <Rows {...props} />)

const Rows = <Row,>({ action, columns, label, rowKey, rows }: Props<Row>) => (
  <Paper withBorder style={{ overflowX: "auto" }}>
    <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover aria-label={label}>
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ header, key, numeric, sort }) => (
            <Table.Th
              key={key}
              scope="col"
              ta={numeric === true ? "end" : undefined}
              aria-sort={sort === undefined ? undefined : sort.direction}
            >
              {sort === undefined ? header : <SortButton header={header} {...sort} />}
            </Table.Th>
          ))}
          {action !== undefined && (
            <Table.Th scope="col">
              <span className="visually-hidden">{action.header}</span>
            </Table.Th>
          )}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={rowKey(row)}>
            {columns.map(({ cell, key, numeric }) => (
              <Table.Td key={key} ta={numeric === true ? "end" : undefined}>
                {cell(row)}
              </Table.Td>
            ))}
            {action !== undefined && <Table.Td ta="end">{action.cell(row)}</Table.Td>}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  </Paper>
)

const ARROWS = { ascending: IconArrowUp, descending: IconArrowDown, none: IconArrowsSort }

const SortButton = ({
  direction,
  header,
  onSort
}: { readonly header: string } & NonNullable<Column<never>["sort"]>) => {
  const Arrow = ARROWS[direction]
  return (
    <UnstyledButton onClick={onSort} fz="inherit" fw="inherit">
      <Group component="span" gap={4} wrap="nowrap" display="inline-flex">
        {header}
        <Arrow size={14} aria-hidden />
      </Group>
    </UnstyledButton>
  )
}

const Cards = <Row,>({ action, columns: [title, ...others], label, rowKey, rows }: Props<Row>) => (
  <Stack component="ul" gap="sm" m={0} p={0} aria-label={label} style={{ listStyle: "none" }}>
    {rows.map((row) => (
      <Paper key={rowKey(row)} component="li" withBorder p="md">
        <Stack gap="xs">
          <Text component="div" fw={600}>
            {title.cell(row)}
          </Text>
          <dl className="facts">
            {others.map(({ cell, header, key }) => (
              <div key={key}>
                <dt>{header}</dt>
                <dd>{cell(row)}</dd>
              </div>
            ))}
          </dl>
          {action?.cell(row)}
        </Stack>
      </Paper>
    ))}
  </Stack>
)
