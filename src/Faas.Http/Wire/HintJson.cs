using System.Buffers;
using System.Text;

namespace Faas.Http.Wire;

/// <summary>What may have gone otherwise than the script's author meant it, on the wire: <c>"hint":"…"</c>.</summary>
public static class HintJson
{
    /// <summary>Writes the member, after a comma, into an object that is being written by hand; nothing where there is no hint.</summary>
    public static void WriteMember(IBufferWriter<byte> output, string? hint)
    {
        if (hint is not null)
        {
            output.Write(",\"hint\":"u8);
            JsonText.WriteString(output, Encoding.UTF8.GetBytes(hint));
        }
    }
}
