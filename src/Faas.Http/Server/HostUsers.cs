using Faas.Actors.Linux;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Http.Configuration;

namespace Faas.Http.Server;

/// <summary>
/// Claims the host user ids of the sandboxes (<c>faas.sandbox.first-uid</c>) before the first one starts. A server of an ordinary user has
/// only its own id, and claims none.
/// </summary>
public static class HostUsers
{
    // Half as many again as sandboxes alive, because one that dies still has its id while another starts; and the id of the mothers.
    private const int Step = 1000;

    /// <summary>How many ids a server with this pool takes: a multiple of 1000.</summary>
    public static int CountFor(int sandboxes) => ((sandboxes * 3 / 2) + Step) / Step * Step;

    /// <summary>How many sandboxes so many ids are enough for.</summary>
    public static int SandboxesFor(int ids) => ((ids * 2) - 1) / 3;

    /// <summary>Claims them; null where the server needs none. Throws <see cref="SandboxStartException"/> when they are taken.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="isDoctor">The doctor takes other ids when a server has those of the settings.</param>
    public static UidRange? Claim(FaasOptions options, bool isDoctor)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var (first, count) = (options.Sandbox.FirstUid, CountFor(options.Pool.Sandboxes));
        try
        {
            var named = first == SandboxOptions.AnyUid ? null : UidRange.TryClaim(first, count);
            return named
                ?? (first == SandboxOptions.AnyUid || isDoctor ? UidRange.ClaimFree(count) : null)
                ?? throw new SandboxStartException(
                    $"faas.sandbox.first-uid = {first}: another server on this machine uses host user ids "
                    + $"from {first} to {first + count - 1}; name a range that is free, or write auto.");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new SandboxStartException($"The host user ids of the sandboxes cannot be claimed: {failed.Message}", failed);
        }
    }
}
