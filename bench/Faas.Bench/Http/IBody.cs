namespace Faas.Bench.Http;

/// <summary>Takes the bytes of a response's body as they come.</summary>
internal interface IBody
{
    /// <summary>Forgets the last response.</summary>
    void Begin();

    /// <summary>The next bytes.</summary>
    void Take(ReadOnlySpan<byte> bytes);
}
