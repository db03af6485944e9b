using System.Buffers.Binary;
using System.Text;

namespace Faas.Actors.Tests.Egress;

/// <summary>First messages of TLS, as clients send them.</summary>
internal static class Hellos
{
    /// <summary>A ClientHello in records of at most so many bytes.</summary>
    /// <param name="name">The name of the server; null: the extension is left out.</param>
    /// <param name="piece">The most bytes of a record.</param>
    public static byte[] Of(string? name, int piece = 1 << 14) => Records(Message(name is null ? [] : [Sni(name)]), piece);

    /// <summary>A ClientHello with these extensions, each with its type and length.</summary>
    public static byte[] With(params byte[][] extensions) => Records(Message(extensions), 1 << 14);

    /// <summary>The extension that names the server.</summary>
    public static byte[] Sni(string name)
    {
        var bytes = Encoding.Latin1.GetBytes(name);
        return [0, 0, .. Sized([.. Sized([0, .. Sized(bytes)])])];
    }

    /// <summary>Bytes behind their length.</summary>
    public static byte[] Sized(byte[] bytes)
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)bytes.Length);
        return [.. length, .. bytes];
    }

    private static byte[] Message(byte[][] extensions)
    {
        byte[] other = [0, 43, .. Sized([2, 3, 4])];
        byte[] body =
        [
            3, 3, .. new byte[32], 32, .. new byte[32], .. Sized([0x13, 1, 0x13, 2]), 1, 0,
            .. Sized([.. other, .. extensions.SelectMany(one => one), .. other]),
        ];
        return [1, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }

    private static byte[] Records(byte[] message, int piece) =>
        [.. message.Chunk(piece).SelectMany(part => (byte[])[22, 3, 1, .. Sized(part)])];
}
