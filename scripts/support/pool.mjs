// Runs `work(item)` for every item, at most `width` at a time, and returns the results in the order
// of the items. The first failure is thrown after the running work has ended, so that no work
// continues in the background.
export async function pool(items, width, work) {
  const list = [...items]
  const results = new Array(list.length)
  let next = 0
  let failed = false
  const lane = async () => {
    while (next < list.length && !failed) {
      const index = next++
      try {
        results[index] = await work(list[index], index)
      } catch (error) {
        failed = true
        throw error
      }
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: Math.min(width, list.length) }, lane))
  const rejected = lanes.find((one) => one.status === 'rejected')
  if (rejected) throw rejected.reason
  return results
}
