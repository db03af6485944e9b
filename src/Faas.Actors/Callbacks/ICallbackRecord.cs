using Faas.Actors.Runs.Kept;

namespace Faas.Actors.Callbacks;

/// <summary>Writes the record of a run as a client reads it, without how far its callback has come, which changes.</summary>
public interface ICallbackRecord
{
    /// <summary>JSON, an object.</summary>
    byte[] BytesOf(KeptRun run);
}
