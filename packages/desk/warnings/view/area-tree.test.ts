import { expect, it } from "vitest"
import { inTree } from "./area-tree.ts"

const area = (id: number, parent: number) => ({ id, parent, names: { en: `area ${id}` } })
const placed = (areas: readonly ReturnType<typeof area>[]) =>
  inTree(areas).map(({ area: { id }, depth }) => [id, depth])

it("[K15] a town stands behind its own region, not behind whichever region the charter names last", () => {
  const charter = [area(1, 0), area(2, 1), area(3, 1), area(4, 1), area(5, 2), area(6, 2)]
  expect(placed(charter)).toEqual([
    [1, 0],
    [2, 1],
    [5, 2],
    [6, 2],
    [3, 1],
    [4, 1],
  ])
})

it("[K15] each stands there once: one whose region is unknown, deep ones, two that lie in each other", () => {
  expect(placed([area(2, 9), area(3, 2)])).toEqual([
    [2, 0],
    [3, 1],
  ])
  expect(placed([1, 2, 3, 4, 5, 6].map((id) => area(id, id - 1))).map(([, depth]) => depth)).toEqual([
    0, 1, 2, 3, 3, 3,
  ])
  expect(placed([area(1, 2), area(2, 1), area(3, 0)]).map(([id]) => id)).toEqual([3, 1, 2])
})
