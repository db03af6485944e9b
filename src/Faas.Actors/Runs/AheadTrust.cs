namespace Faas.Actors.Runs;

/// <summary>
/// Whether the zygotes of one code, which outlive each run, may execute the libraries that are bundled with it (JavaScript and TypeScript).
/// A zygote that ends by itself withdraws the trust: the libraries have done there what they did not do in their trial. Thread-safe.
/// </summary>
/// <param name="withdrawn">Is called once, when the trust is withdrawn.</param>
public sealed class AheadTrust(Action withdrawn)
{
    private int _isWithdrawn;

    /// <summary>Whether it is not withdrawn.</summary>
    public bool IsGiven => Volatile.Read(ref _isWithdrawn) == 0;

    /// <summary>Ends it. False: it was ended before.</summary>
    public bool Withdraw()
    {
        if (Interlocked.Exchange(ref _isWithdrawn, 1) != 0)
        {
            return false;
        }

        withdrawn();
        return true;
    }
}
