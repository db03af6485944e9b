namespace Faas.Actors.Libraries.Layers;

/// <summary>
/// Removes layers that no version needs, and what is left of builds that were killed.
/// <para>
/// Theory of operation. A layer knows which stored code needs it. Such code is looked for in the store: the last version with it may have
/// been deleted. A layer whose code is all gone, or that only code needs which is not stored, is kept for as long as the lock of such code
/// is, since its last use. Code that is stored meanwhile has its layer built anew when it runs.
/// </para>
/// </summary>
/// <param name="store">The layers.</param>
/// <param name="time">Tells how long a layer has not been used.</param>
public sealed class LayerCollection(LayerStore store, TimeProvider time)
{
    /// <summary>How long a layer without stored code is kept since its last use.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromHours(2);

    /// <summary>Collects once.</summary>
    /// <param name="isStoredAsync">Whether code of this hash is stored. A failure ends the collection.</param>
    /// <returns>The names of the layers that were removed.</returns>
    public async Task<IReadOnlyList<string>> CollectAsync(Func<string, Task<bool>> isStoredAsync)
    {
        var unused = time.GetUtcNow().UtcDateTime - Age;
        store.RemoveUnfinished(unused);
        var removed = new List<string>();
        foreach (var layer in store.List())
        {
            var needed = 0;
            foreach (var code in layer.Codes)
            {
                if (await isStoredAsync(code))
                {
                    needed++;
                }
                else
                {
                    store.Release(layer.Name, code);
                    if (await isStoredAsync(code)) // it has been stored meanwhile
                    {
                        store.Need(layer.Name, code);
                        needed++;
                    }
                }
            }

            if (needed == 0 && store.RemoveUnused(layer.Name, unused))
            {
                removed.Add(layer.Name);
            }
        }

        return removed;
    }
}
