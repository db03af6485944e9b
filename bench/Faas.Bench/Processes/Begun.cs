namespace Faas.Bench.Processes;

/// <summary>What was begun and is not yet there.</summary>
internal static class Begun
{
    /// <summary>Waits for it; takes it down when that fails.</summary>
    public static T Await<T>(T begun, Action<T> wait)
        where T : IDisposable
    {
        try
        {
            wait(begun);
            return begun;
        }
        catch
        {
            begun.Dispose();
            throw;
        }
    }
}
