namespace Faas.Actors.Storage.Redis;

/// <summary>The store cannot be used from the start; the message says why and how to mend it, in one line.</summary>
public sealed class StoreStartException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether it may pass by itself, so that another attempt makes sense; false: a setting or the machine must change.</summary>
    public bool MayPass { get; init; } = true;
}
