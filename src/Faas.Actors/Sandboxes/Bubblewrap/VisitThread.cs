using System.ComponentModel;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>Work in the namespaces of sandboxes, on the thread that enters them.</summary>
internal static class VisitThread
{
    /// <summary>Does it on that thread. Throws <see cref="IOException"/>, which says why it cannot be done.</summary>
    public static async Task<T> VisitAsync<T>(this SpawnThread thread, Func<T> work)
    {
        try
        {
            return await thread.RunAsync(work, CancellationToken.None);
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or ObjectDisposedException)
        {
            throw new IOException(failure.Message, failure);
        }
    }
}
