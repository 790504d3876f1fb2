import { Paper, Stack, Text, Title } from "@mantine/core"
import { type ReactNode, useId } from "react"

interface Props {
  readonly title: string
  readonly intro?: string
  readonly children: ReactNode
}

/** A part of a page, under its own title. */
export const Section = ({ children, intro, title }: Props) => {
  const id = useId()
  return (
    <Paper component="section" withBorder p={{ base: "md", sm: "lg" }} aria-labelledby={id}>
      <Stack>
        <div>
          <Title order={2} size="h4" id={id}>
            {title}
          </Title>
          {intro !== undefined && (
            <Text size="sm" c="dimmed">
              {intro}
            </Text>
          )}
        </div>
        {children}
      </Stack>
    </Paper>
  )
}
