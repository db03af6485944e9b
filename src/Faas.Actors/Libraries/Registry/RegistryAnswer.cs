using System.Text;

namespace Faas.Actors.Libraries.Registry;

/// <summary>An answer for a build, which its reader disposes.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="MediaType">The media type of the body.</param>
/// <param name="Length">The bytes in the body; null: unknown.</param>
/// <param name="Body">The body.</param>
/// <param name="Source">What the body is read from; null: it is whole.</param>
public sealed record RegistryAnswer(int Status, string MediaType, long? Length, Stream Body, IDisposable? Source = null) : IDisposable
{
    /// <summary>An answer that is whole.</summary>
    public static RegistryAnswer Of(int status, string mediaType, byte[] body) =>
        new(status, mediaType, body.Length, new MemoryStream(body));

    /// <summary>A refusal, in words for the person who reads the build's log.</summary>
    public static RegistryAnswer Refused(int status, string why) => Of(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(why));

    /// <inheritdoc/>
    public void Dispose()
    {
        Body.Dispose();
        Source?.Dispose();
    }
}
