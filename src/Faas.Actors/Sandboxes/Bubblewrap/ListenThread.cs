using System.ComponentModel;
using System.Net.Sockets;

namespace Faas.Actors.Sandboxes.Bubblewrap;

/// <summary>Makes sockets in sandboxes on the thread that enters their network namespaces.</summary>
internal static class ListenThread
{
    /// <summary>Does it on that thread. Throws <see cref="IOException"/>, which says why there is no socket.</summary>
    public static async Task<Socket> ListenAsync(this SpawnThread thread, Func<Socket> listen)
    {
        try
        {
            return await thread.RunAsync(listen, CancellationToken.None);
        }
        catch (Exception failure) when (failure is Win32Exception or InvalidOperationException or ObjectDisposedException)
        {
            throw new IOException(failure.Message, failure);
        }
    }
}
