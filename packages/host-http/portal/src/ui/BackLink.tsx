import { Anchor, Group } from "@mantine/core"
import { IconArrowLeft } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"

/** To where this page was come from. */
export const BackLink = ({ label, to }: { readonly label: string; readonly to: string }) => (
  <Anchor component={Link} to={to} size="sm">
    <Group component="span" gap={4} display="inline-flex">
      <IconArrowLeft size={16} className="mirrored" aria-hidden />
      {label}
    </Group>
  </Anchor>
)
